package serve

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// policed is a page with the policy that the theme gives all pages of a site, which
// allows films of a host.
func policed(headline, host string) string {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; " +
		"frame-src 'self' %s; form-action 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'"
	page := strings.Replace(story(headline, "s.css", "x"), "<meta", `<meta http-equiv="Content-Security-Policy" content="`+fmt.Sprintf(policy, host)+`"><meta`, 1)
	page, _, _ = strings.Cut(page, "<script>") // which it forbids
	return page + `<script src="/watch.js"></script></body></html>`
}

// All of the preview works under the policy of the site's own pages, and nothing of
// it is against that. A page whose policy is another is loaded anew: the old one
// would hold as long as it stands.
func testPolicy(t *testing.T, browser context.Context) {
	watch := `window.violations = []; addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective + " " + e.blockedURI))`
	d := openDesk(t, browser, Options{Dir: "/home/ada/the paper"}, map[string]string{"index.html": policed("Front", "films.example"), "watch.js": watch, "assets/s.css": fmt.Sprintf(sheetText, "CanvasText")})
	d.visit("/")
	ask[any](d, `(window.mark = 1, 0)`)
	d.next.Problems = []Problem{broken}
	d.put(map[string]string{"index.html": policed("The front", "films.example"), "assets/s.css": fmt.Sprintf(sheetText, "rgb(1, 2, 3)")})
	d.sees(`document.title === "The front" && window.mark === 1 && getComputedStyle(document.body).color === "rgb(1, 2, 3)"`)
	d.sees(`root.querySelector(".problems:not([hidden])")`)
	ask[any](d, `(root.querySelector(".bar").click(), root.querySelector(".widths input[value=phone]").click(), 0)`)
	d.sees(`root.querySelector(".stage:not([hidden]) iframe").contentDocument.title === "The front"`)
	if got := ask[string](d, `violations.join()`); got != "" {
		t.Errorf("the preview is against the policy: %s", got)
	}
	ask[any](d, `(document.body.setAttribute("style", "color: red"), 0)`)
	d.sees(`violations.length === 1 && window.mark === 1`)
	d.put(map[string]string{"index.html": policed("The front", "films.example maps.example")})
	d.sees(`document.readyState === "complete" && window.mark === undefined && document.querySelector("meta").content.includes("maps.example")`)
}
