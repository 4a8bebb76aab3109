"""Training pipeline of Attune's on-device classifier. The front door is build.py, one folder up."""
