"""Everything that the pages share and that needs Streamlit."""
