"""The claim pack: what is handed in when a customer is bankrupt. Proof of debt, security, evidence and what is missing, dates."""
