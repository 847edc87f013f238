package build

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"stet/internal/page"
)

// A Cost is what one kind of work took in a build. Pages and answers are made
// side by side, so that theirs together may be longer than the build.
type Cost struct {
	What  string // step, layout, fragment or question
	Name  string // of the layout or fragment, the kind of page or question
	Times int
	// All is the whole time, Own that without the questions asked meanwhile.
	All, Own time.Duration
}

// costs are gathered if there is a clock. A nil *costs gathers nothing.
type costs struct {
	clock func() time.Time
	last  time.Time // the end of the step before
	steps []Cost

	mu     sync.Mutex
	by     map[[2]string]*Cost // by what and name
	layout map[string]string   // by path of the page that was made with it
}

func newCosts(clock func() time.Time) *costs {
	if clock == nil {
		return nil
	}
	return &costs{clock: clock, last: clock(), by: map[[2]string]*Cost{}, layout: map[string]string{}}
}

// step ends a step of the build.
func (c *costs) step(name string) {
	if c == nil {
		return
	}
	now := c.clock()
	d := now.Sub(c.last)
	c.steps, c.last = append(c.steps, Cost{What: "step", Name: name, Times: 1, All: d, Own: d}), now
}

// made notes which layout a page is made with.
func (c *costs) made(path, layout string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.layout[path] = layout
	c.mu.Unlock()
}

// took gathers what a page or an answer took.
func (c *costs) took(t page.Took) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := [2]string{"question", t.Question.Kind}
	switch {
	case t.Page.Path != "":
		key = [2]string{"layout", c.layout[t.Page.Path]}
		if key[1] == "" {
			key = [2]string{"page", t.Page.Kind}
		}
	case t.Question.Kind == "fragment":
		key = [2]string{"fragment", page.Fields(t.Question.Args, 2)[1]}
	}
	sum := c.by[key]
	if sum == nil {
		sum = &Cost{What: key[0], Name: key[1]}
		c.by[key] = sum
	}
	sum.Times++
	sum.All += t.All
	sum.Own += t.Own
}

// list is all of it: the steps in their order; then of layouts, other pages,
// fragments and questions those first that took longest themselves.
func (c *costs) list() []Cost {
	if c == nil {
		return nil
	}
	var all []Cost
	for _, sum := range c.by {
		all = append(all, *sum)
	}
	order := []string{"layout", "page", "fragment", "question"}
	slices.SortFunc(all, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.What), slices.Index(order, b.What)), cmp.Compare(b.Own, a.Own), cmp.Compare(a.Name, b.Name))
	})
	return append(c.steps, all...)
}
