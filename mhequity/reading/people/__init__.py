"""Details of people in a column: one module for each kind (:mod:`mhequity.reading.personal` asks them all)."""
