namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// How many cores to leave to other processes, judged from what they kept busy. Cores are given away when a second look confirms the first, soon enough,
/// because threads that wait for one another lose up to thirty times as much beside a busy process as a core is worth, and not for a process that
/// was there for a moment. They are taken back after a while.
/// </summary>
internal sealed class TakenCores
{
    private const int Remembered = 3;

    // Half a core is the border; a number that was settled on is kept somewhat beyond it, so that it does not swing.
    private const double More = 0.5;
    private const double Fewer = 0.65;

    private readonly Queue<double> _last = [];

    public int Count { get; private set; }

    /// <param name="busy">How many cores other processes kept busy since the last call.</param>
    public void Add(double busy)
    {
        if (_last.Count == Remembered)
        {
            _last.Dequeue();
        }
        double confirmed = _last.Count == 0 ? 0 : Math.Min(busy, _last.Last());
        _last.Enqueue(busy);
        double most = _last.Max();
        if (confirmed >= Count + More)
        {
            Count = (int)Math.Round(confirmed, MidpointRounding.AwayFromZero);
        }
        else if (most <= Count - Fewer)
        {
            Count = (int)Math.Round(most, MidpointRounding.AwayFromZero);
        }
    }
}
