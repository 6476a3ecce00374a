package enginetest

import "fmt"

// Flipped is an SQL expression for a column of bytes in which one byte is another than
// it was. What lies sealed has random bytes: a byte that is merely set is, once in 256
// times, what it was before.
func Flipped(column string) string {
	const at = 41 // behind the words that say by which key and cipher it is sealed
	return fmt.Sprintf(`CAST(substr(%[1]s, 1, %[2]d - 1) || CASE substr(%[1]s, %[2]d, 1) WHEN x'ff' THEN x'fe' ELSE x'ff' END || substr(%[1]s, %[2]d + 1) AS BLOB)`, column, at)
}
