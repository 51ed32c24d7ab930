"""What real Spark and Sluice make of the same bytes over TCP."""
