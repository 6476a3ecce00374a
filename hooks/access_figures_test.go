package hooks

// figureRows: what the group monitor counts.
var figureRows = map[string]row{
	"GET /api/console/v1/figures":        {readers, at("/api/console/v1/figures"), 0},
	"GET /api/console/v1/figures/{tile}": {readers, at("/api/console/v1/figures/register"), 0},
}
