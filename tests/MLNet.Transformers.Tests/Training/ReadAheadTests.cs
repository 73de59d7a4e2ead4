using MLNet.Transformers.Training;

namespace MLNet.Transformers.Tests.Training;

public class ReadAheadTests
{
    [Fact]
    public void Items_come_in_order_and_a_few_are_read_ahead()
    {
        int read = 0;
        IEnumerable<int> Items()
        {
            for (int i = 0; i < 100; i++)
            {
                Interlocked.Increment(ref read);
                yield return i;
            }
        }
        var seen = new List<int>();
        foreach (int item in ReadAhead.Of(Items(), 4))
        {
            seen.Add(item);
            Assert.InRange(Volatile.Read(ref read), item + 1, item + 6);
        }
        Assert.Equal(Enumerable.Range(0, 100), seen);
    }

    [Fact]
    public void What_fails_is_thrown_behind_the_items_before_it_and_the_source_is_left_with_the_reader()
    {
        bool left = false;
        IEnumerable<int> Items(int good)
        {
            try
            {
                for (int i = 0; i < good; i++)
                {
                    yield return i;
                }
                throw new FormatException();
            }
            finally
            {
                left = true;
            }
        }
        var seen = new List<int>();

        Assert.Throws<FormatException>(() => seen.AddRange(ReadAhead.Of(Items(3), 2).Select(item => item)));
        Assert.Equal(0, ReadAhead.Of(Items(1000), 2).First());

        Assert.True(left);
    }
}
