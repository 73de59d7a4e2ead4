using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>Answers by what the network writes.</summary>
/// <param name="writer">From sources to texts.</param>
/// <param name="limits">How much a batch may hold.</param>
internal sealed class SourcePredictor(SourceWriter writer, BatchLimits limits) : IPredictor<string, string>
{
    public string? Report => writer.Sources.Report;

    public string[] Predict(TaskModel network, ReadOnlyMemory<string> rows, Action checkAlive)
    {
        var sources = new TokenSequence[rows.Length];
        AllCores.For(sources.Length, row => sources[row] = new TokenSequence(writer.Sources.Encode(new TextRow(rows.Span[row], null))));
        return Array.ConvertAll(writer.Write(network, sources, limits, checkAlive), written => written.Text);
    }
}
