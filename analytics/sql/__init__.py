"""SQL of analytics that the ORM cannot say: read by the services, never by pages."""
