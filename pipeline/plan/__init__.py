"""What was promised: typed models of ``plan.yaml``. No SQL, no figures."""
