"""The trade's rules about people, without a database: papers, phones, names, masking, ages."""
