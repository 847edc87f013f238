package config

// How fine the archive of the whole paper is: the pages of years, months and
// days, and the older pages of the front.
const (
	ArchiveOff    = "off"
	ArchiveYears  = "years"
	ArchiveMonths = "months"
	ArchiveDays   = "days"
)

// Menu is a menu of a language's edition.
func (c *Config) Menu(language, name string) []Link {
	l, ok := c.Language(language)
	if ok && l.Menus != nil {
		return l.Menus[name]
	}
	return c.Menus[name]
}
