"""The report: from judged figures to a printed document."""
