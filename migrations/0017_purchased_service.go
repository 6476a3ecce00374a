package migrations

import "github.com/pocketbase/pocketbase/core"

// Whom a contract's social workers serve, and which households an order of visits goes to
// (register/contract*.go, register/visit_order.go).
var purchasedServiceTables = []string{
	// own: the account's grant of the household came by this row, and ends with it.
	`CREATE TABLE contract_homes (
		contract TEXT NOT NULL, account TEXT NOT NULL, household TEXT NOT NULL, from_on TEXT NOT NULL, until_on TEXT NOT NULL, own INTEGER NOT NULL,
		PRIMARY KEY (contract, account, household, from_on)) WITHOUT ROWID`,
	`CREATE INDEX contract_homes_account ON contract_homes (account, household)`,
	// state: planned, made, ended. The task's id is chosen with the plan, so that making it twice makes it once.
	`CREATE TABLE visit_order_homes (
		visit_order TEXT NOT NULL, household TEXT NOT NULL, task TEXT NOT NULL, state TEXT NOT NULL,
		PRIMARY KEY (visit_order, household)) WITHOUT ROWID`,
	`CREATE INDEX visit_order_homes_state ON visit_order_homes (visit_order, state)`,
}

func init() {
	step("0017_purchased_service.go", func(app core.App) error {
		for _, sql := range purchasedServiceTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
