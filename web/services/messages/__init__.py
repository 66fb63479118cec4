"""What people do with letters and answers: calling, printing, deciding, sending again, trying the mail."""
