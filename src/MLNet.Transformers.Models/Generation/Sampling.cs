using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Draws tokens by their probabilities, each sequence from its own generator: what it draws does not depend on the rest of a batch.</summary>
internal sealed class Sampling : ITokenChoice, IDisposable
{
    private readonly Generator[] _generators;

    public Sampling(IEnumerable<ulong> seeds, Device device) => _generators = [.. seeds.Select(seed => new Generator(seed, device))];

    public Tensor Choose(Tensor scores, IReadOnlyList<int> sequences) => Draw(scores, sequences, 1).squeeze(1);

    /// <summary>Draws several different columns of each row.</summary>
    /// <param name="scores">float32, (rows, any): logarithms of probabilities, up to a number per row.</param>
    /// <param name="sequences">Which sequence each row is.</param>
    /// <param name="count">How many are drawn.</param>
    /// <returns>int64, (rows, count), in the order in which they were drawn.</returns>
    public Tensor Draw(Tensor scores, IReadOnlyList<int> sequences, int count)
    {
        Tensor probabilities = scores.softmax(1);
        return stack([.. sequences.Select((sequence, row) => multinomial(probabilities[row], count, replacement: false, _generators[sequence]))]);
    }

    public void Dispose()
    {
        foreach (Generator generator in _generators)
        {
            generator.Dispose();
        }
    }
}
