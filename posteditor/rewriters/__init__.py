"""What turns segments into suggestions, and the gate that lets them through. The only torch outside training."""
