using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>A network without a head: texts in, the vectors of every layer out. Several threads may read at once, until it is disposed.</summary>
public sealed class HiddenStateNetwork : IDisposable
{
    private readonly TaskModel _model;
    private readonly RowTokenizer _tokenizer;
    private readonly NetworkInputs _inputs;

    internal HiddenStateNetwork(IHostEnvironment environment, Checkpoint checkpoint, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Check.Defined(precision, nameof(precision));
        IHost host = environment.Register(nameof(HiddenStateNetwork));
        _tokenizer = new RowTokenizer(checkpoint, RowTokenizer.Limit(checkpoint, asked: null));
        _model = NetworkPlacement.Apply(checkpoint, HeadKind.None, precision, host);
        _model.eval();
        _inputs = new NetworkInputs(_model);
    }

    /// <summary>What the network is.</summary>
    public ModelConfig Config => _model.Config;

    /// <summary>Reads texts as one batch, padded on the right; what is longer than the network has positions is cut.</summary>
    /// <param name="texts">At least one text.</param>
    /// <returns>The vectors; the caller disposes it. Its batch tells tokens from padding.</returns>
    /// <exception cref="ArgumentException">There is no text, or one has a token that the network has no row for.</exception>
    public HiddenStates Read(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            throw new ArgumentException("There is no text.", nameof(texts));
        }
        return Read(_inputs.Pad([.. texts.Select(text => _tokenizer.Encode(new TextRow(text, Pair: null)))]));
    }

    /// <summary>Reads token ids. An encoder-decoder whose batch has no target reads the source itself, moved to the right, as its classifiers do.</summary>
    /// <param name="batch">At least one sequence of at least one token, no longer than <see cref="ModelConfig.MaxTokens"/>, on the network's device.</param>
    /// <returns>The vectors; the caller disposes it.</returns>
    public HiddenStates Read(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return HiddenStates.Of(_model, batch);
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();
}
