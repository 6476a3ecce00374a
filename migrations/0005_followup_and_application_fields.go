package migrations

// followups.served_on, applications.applied_on, proxy and proxy_relation.
func init() {
	step("0005_followup_and_application_fields.go", AlignCollections)
}
