package webp

// Levels are the quantized coefficients of a block in the order of the zigzag.
type levels [16]int16

// A quantizer has the steps of one kind of block.
type quantizer struct {
	step    [2]int32 // of DC and AC
	inverse [2]uint32
}

// inverseBits is how many bits an inverse of a step has behind the point.
const inverseBits = 17

func newQuantizer(dc, ac int32) quantizer {
	return quantizer{[2]int32{dc, ac}, [2]uint32{1<<inverseBits/uint32(dc) + 1, 1<<inverseBits/uint32(ac) + 1}}
}

// bias is what is added before a level is cut off: less than a half, because
// smaller levels cost less.
const bias = 54 << (inverseBits - 7)

// A coder knows what one kind of block costs in one place.
type coder struct {
	q     *quantizer
	costs *costTable
	kind  int
	first int // the first position: 1 if DC stands elsewhere
	ctx   int // how many of the blocks above and to the left have coefficients
}

// A price is what a choice costs: the squared error of coefficients, and bits.
type price struct {
	error int64
	rate  int32 // in 1/256 bit
}

func (p *price) add(o price) { p.error += o.error; p.rate += o.rate }

// sum weighs both: the lower, the better.
func (p price) sum(lambda int32) int64 { return p.error<<10 + int64(lambda)*int64(p.rate) }

// estimate quantizes a block in the simplest way and says what that costs,
// and whether any level is not 0: 0 or 1.
func (k *coder) estimate(c *block) (p price, some uint8) {
	var level [16]int32
	last := -1
	for n := k.first; n < 16; n++ {
		v, s := c[zigzag[n]&15], min(n, 1)
		v = max(v, -v)
		l := int32((uint32(v)*k.q.inverse[s] + bias) >> inverseBits)
		if l > 0 {
			last = n
			l = min(l, largest)
			v -= l * k.q.step[s]
		}
		level[n] = l
		p.error += int64(v) * int64(v)
	}
	p.rate = k.rate(&level, last)
	if last >= 0 {
		some = 1
	}
	return p, some
}

// rate is the cost of levels, of which the last that is not 0 is given.
func (k *coder) rate(level *[16]int32, last int) int32 {
	ctx := k.ctx
	if last < 0 {
		return int32(k.costs.end[k.kind][bands[k.first]][ctx])
	}
	sum := int32(0)
	if ctx == 0 {
		sum = int32(k.costs.more[k.kind][bands[k.first]])
	}
	table := &k.costs.level[k.kind]
	for n := k.first; n <= last; n++ {
		l := level[n&15]
		sum += of(&table[bands[n]&7][ctx], l)
		ctx = int(min(l, 2))
	}
	if last < 15 {
		sum += int32(k.costs.end[k.kind][bands[last+1]][ctx])
	}
	return sum
}
