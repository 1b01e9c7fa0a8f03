"""DuckDB as the working store, and the SQL files that fill it. No formulas in Python."""
