package engine

// FiledUnder is for the test that holds it against the database's indexes.
var FiledUnder = filedUnder
