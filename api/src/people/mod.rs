//! People: everybody something is kept about, and their contacts with service points.
