using Microsoft.ML;

namespace MLNet.Transformers;

/// <summary>Settings of a <see cref="TextGenerator"/>. It takes them over when it is made: changing them later changes nothing in it.</summary>
public sealed class TextGeneratorOptions
{
    /// <summary>Number format of the computation, and in which the weights are kept.</summary>
    /// <value><see cref="Precision.Float32"/>.</value>
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>How to write, where a call does not say it. It goes before what the checkpoint says.</summary>
    /// <value>Nothing is said.</value>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>
    /// Of sampling: calls that give no <see cref="GenerationOptions.Seed"/> draw other tokens each time, but the first call of the generator draws the same
    /// in each run of the program, and so does the second. Calls on several threads are numbered as they come.
    /// </summary>
    /// <value>null: the seed of the <see cref="MLContext"/>; where it has none, each run draws other tokens.</value>
    public int? Seed { get; set; }

    internal void Validate()
    {
        Check.Defined(Precision, nameof(Precision));
        ArgumentNullException.ThrowIfNull(Generation);
    }
}
