using MLNet.Transformers.Models;

namespace MLNet.Transformers.Training;

/// <summary>The loss over many batches: of each term the sum divided by its weight, added up. A term that nothing counted for adds nothing.</summary>
internal sealed class MeanLoss
{
    /// <summary>Of each term, what was summed so far.</summary>
    public double[] Sums { get; set; } = [];

    /// <summary>Of each term, what its sum is to be divided by.</summary>
    public double[] Weights { get; set; } = [];

    [System.Text.Json.Serialization.JsonIgnore]
    public double Value => Enumerable.Range(0, Sums.Length).Sum(Of);

    /// <summary>The mean of one term; 0 where nothing counted.</summary>
    public double Of(int term) => term < Sums.Length && Weights[term] > 0 ? Sums[term] / Weights[term] : 0;

    public void Add(LabelledBatch batch, HeadOutput output)
    {
        for (int term = 0; term < batch.Terms.Count; term++)
        {
            if (batch.Terms[term].Weight > 0)
            {
                Add(term, batch.Terms[term].Weight, batch.Terms[term].Sum(output).item<float>());
            }
        }
    }

    public void Add(int term, double weight, double sum)
    {
        if (term >= Sums.Length)
        {
            (Sums, Weights) = ([.. Sums, .. new double[term + 1 - Sums.Length]], [.. Weights, .. new double[term + 1 - Weights.Length]]);
        }
        Sums[term] += sum;
        Weights[term] += weight;
    }
}
