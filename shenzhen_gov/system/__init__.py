"""The pages that tell administrators how the system itself is: jobs, queue, audit log, calendar. Reading only."""
