"""Commands of grid."""
