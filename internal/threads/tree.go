package threads

// A Branch is a comment with those that answer it.
type Branch struct {
	Comment
	To      *Comment // which it answers, where that is not the one it stands below
	Replies []Branch
}

// Tree puts comments below those that they answer, in so many levels. What would
// stand deeper stands on the last, by its time, and says whom it answers. What
// answers nobody who is there, or goes in a circle, stands by itself.
func Tree(all []Comment, levels int) []Branch {
	t := newTree(all, max(1, levels))
	var roots []int
	below := make([][]int, len(t.all))
	for i, at := range t.host {
		if at < 0 {
			roots = append(roots, i)
		} else {
			below[at] = append(below[at], i)
		}
	}
	var branches func(of []int) []Branch
	branches = func(of []int) []Branch {
		if len(of) == 0 {
			return nil
		}
		some := make([]Branch, len(of))
		for n, i := range of {
			some[n] = Branch{Comment: t.all[i], Replies: branches(below[i])}
			if p := t.parent[i]; p >= 0 && p != t.host[i] {
				some[n].To = &t.all[p]
			}
		}
		return some
	}
	return branches(roots)
}

// A tree is a thread in the order of time. A parent is -1 where there is none, and
// so is the host, which is the comment that another stands below.
type tree struct {
	all          []Comment
	parent, host []int
}

func newTree(all []Comment, levels int) *tree {
	t := &tree{append([]Comment(nil), all...), make([]int, len(all)), make([]int, len(all))}
	Sort(t.all)
	byID := make(map[string]int, len(t.all))
	for i, c := range t.all {
		byID[c.ID] = i
	}
	for i, c := range t.all {
		t.parent[i] = -1
		if p, ok := byID[c.Parent]; ok && c.Parent != "" {
			t.parent[i] = p
		}
	}
	t.uncircle()
	depth := make([]int, len(t.all)) // 0 is not known yet
	var way []int
	for i := range t.all {
		for at := i; at >= 0 && depth[at] == 0; at = t.parent[at] {
			way = append(way, at)
		}
		for ; len(way) > 0; way = way[:len(way)-1] {
			at := way[len(way)-1]
			switch p := t.parent[at]; {
			case p < 0:
				depth[at], t.host[at] = 1, -1
			case depth[p] < levels:
				depth[at], t.host[at] = depth[p]+1, p
			default:
				depth[at], t.host[at] = levels, t.host[p]
			}
		}
	}
	return t
}

// uncircle has the oldest comment of a circle answer nobody.
func (t *tree) uncircle() {
	seen := make([]int, len(t.all)) // in which walk, from 1
	for i := range t.all {
		at := i
		for ; at >= 0 && seen[at] == 0; at = t.parent[at] {
			seen[at] = i + 1
		}
		if at < 0 || seen[at] != i+1 {
			continue
		}
		oldest := at
		for next := t.parent[at]; next != at; next = t.parent[next] {
			oldest = min(oldest, next)
		}
		t.parent[oldest] = -1
	}
}
