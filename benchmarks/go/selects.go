package main

// Go's select is a statement of fixed width, so there is one for each row; a select over a slice of channels is
// reflect.Select, several times slower, and is what the curve has to use.
var notes = map[string]string{
	"select_10":  "a select statement with all cases written out",
	"select_100": "a select statement with all cases written out",
}

func selectBoth(n int) {
	a, b := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			select {
			case a <- i:
			case b <- i:
			}
		}
	}()
	for i := 0; i < n; i++ {
		select {
		case <-a:
		case <-b:
		}
	}
}

func selectReady(n int) {
	a, b := make(chan int, 1), make(chan int, 1)
	a <- 0
	b <- 0
	for i := 0; i < n; i++ {
		select {
		case v := <-a:
			a <- v
		case v := <-b:
			b <- v
		}
	}
}

func selectDefault(n int) {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		select {
		case <-ch:
		default:
		}
	}
}

// feed sends n values into the one channel that is active.
func feed(active chan<- int, n int) {
	for i := 0; i < n; i++ {
		active <- i
	}
}

func select10(n int) {
	var c [10]chan int
	for i := range c {
		c[i] = make(chan int)
	}
	go feed(c[5], n)
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		case <-c[8]:
		case <-c[9]:
		}
	}
}

func select100(n int) {
	var c [100]chan int
	for i := range c {
		c[i] = make(chan int)
	}
	go feed(c[50], n)
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		case <-c[8]:
		case <-c[9]:
		case <-c[10]:
		case <-c[11]:
		case <-c[12]:
		case <-c[13]:
		case <-c[14]:
		case <-c[15]:
		case <-c[16]:
		case <-c[17]:
		case <-c[18]:
		case <-c[19]:
		case <-c[20]:
		case <-c[21]:
		case <-c[22]:
		case <-c[23]:
		case <-c[24]:
		case <-c[25]:
		case <-c[26]:
		case <-c[27]:
		case <-c[28]:
		case <-c[29]:
		case <-c[30]:
		case <-c[31]:
		case <-c[32]:
		case <-c[33]:
		case <-c[34]:
		case <-c[35]:
		case <-c[36]:
		case <-c[37]:
		case <-c[38]:
		case <-c[39]:
		case <-c[40]:
		case <-c[41]:
		case <-c[42]:
		case <-c[43]:
		case <-c[44]:
		case <-c[45]:
		case <-c[46]:
		case <-c[47]:
		case <-c[48]:
		case <-c[49]:
		case <-c[50]:
		case <-c[51]:
		case <-c[52]:
		case <-c[53]:
		case <-c[54]:
		case <-c[55]:
		case <-c[56]:
		case <-c[57]:
		case <-c[58]:
		case <-c[59]:
		case <-c[60]:
		case <-c[61]:
		case <-c[62]:
		case <-c[63]:
		case <-c[64]:
		case <-c[65]:
		case <-c[66]:
		case <-c[67]:
		case <-c[68]:
		case <-c[69]:
		case <-c[70]:
		case <-c[71]:
		case <-c[72]:
		case <-c[73]:
		case <-c[74]:
		case <-c[75]:
		case <-c[76]:
		case <-c[77]:
		case <-c[78]:
		case <-c[79]:
		case <-c[80]:
		case <-c[81]:
		case <-c[82]:
		case <-c[83]:
		case <-c[84]:
		case <-c[85]:
		case <-c[86]:
		case <-c[87]:
		case <-c[88]:
		case <-c[89]:
		case <-c[90]:
		case <-c[91]:
		case <-c[92]:
		case <-c[93]:
		case <-c[94]:
		case <-c[95]:
		case <-c[96]:
		case <-c[97]:
		case <-c[98]:
		case <-c[99]:
		}
	}
}
