"""`devkit up`: the application with reload, and what it stands on."""
