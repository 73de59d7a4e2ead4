namespace MLNet.Transformers.Tests.Pretraining.Noises;

/// <summary>
/// Draws what a test says, for examples that can be checked with a pencil. A shuffle asks for the place that each item, the first first, changes places with,
/// from its own on; where nothing is said, items stay, and shares are 0.5.
/// </summary>
internal sealed class ScriptedRandom(double[]? shares = null, int[]? numbers = null) : Random(0)
{
    private readonly Queue<double> _shares = new(shares ?? []);
    private readonly Queue<int> _numbers = new(numbers ?? []);

    public override double NextDouble() => _shares.TryDequeue(out double share) ? share : 0.5;

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue)
    {
        int number = _numbers.TryDequeue(out int scripted) ? scripted : minValue;
        Assert.InRange(number, minValue, maxValue - 1);
        return number;
    }
}
