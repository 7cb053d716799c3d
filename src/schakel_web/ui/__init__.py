"""What every page is made of: base templates, forms, components, charts, styles. Knows no other room."""
