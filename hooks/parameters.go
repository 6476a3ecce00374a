package hooks

import "doorstep/register"

// Everything that the county sets by date, in one shape (register.ParameterView).

func (s *Server) parameterDesk() *register.Parameters {
	return &register.Parameters{Settings: s.settled, Determinations: s.determinationDesk()}
}

// parameters lists them: ?area= monitoring, determination, application, referral, casework, supervision.
func (s *Server) parameters(c *call) error {
	items, err := s.parameterDesk().List(c.Request.Context(), c.Request.URL.Query().Get("area"))
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

func (s *Server) setParameter(c *call, body register.NewSetting) (any, error) {
	return s.parameterDesk().Set(c.Request.Context(), c.by, c.origin(), body)
}
