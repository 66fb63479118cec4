"""An invented neighbourhood to try everything in; everybody in it is made up, and it never meets real people."""
