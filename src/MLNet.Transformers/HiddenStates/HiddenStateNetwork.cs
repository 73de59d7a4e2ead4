using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// A network without a head: texts in, the vectors of every layer out. Several threads may read at once; a network that is disposed while they do is
/// freed when the last of them is done.
/// </summary>
public sealed class HiddenStateNetwork : IDisposable
{
    private readonly IHost _host;
    private readonly SharedNetwork.Lease _network;
    private readonly RowTokenizer _tokenizer;
    private int _reports;

    internal HiddenStateNetwork(IHostEnvironment environment, Checkpoint checkpoint, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Check.Computes(precision, nameof(precision));
        _host = environment.Register(nameof(HiddenStateNetwork));
        _tokenizer = new RowTokenizer(checkpoint, RowTokenizer.Limit(checkpoint, asked: null));
        TaskModel model = NetworkPlacement.Apply(checkpoint, HeadKind.None, precision, _host);
        model.eval();
        Config = model.Config;
        _network = new SharedNetwork(model).Hold(nameof(HiddenStateNetwork));
    }

    /// <summary>What the network is.</summary>
    public ModelConfig Config { get; }

    /// <summary>Reads texts as one batch, padded on the right; what is longer than the network has positions is cut, which the log says once.</summary>
    /// <param name="texts">At least one text.</param>
    /// <returns>The vectors; the caller disposes it. Its batch tells tokens from padding.</returns>
    /// <exception cref="ArgumentException">There is no text, or one has a token that the network has no row for.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public HiddenStates Read(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            throw new ArgumentException("There is no text.", nameof(texts));
        }
        TokenSequence[] rows = [.. texts.Select(text => _tokenizer.Encode(new TextRow(text, Pair: null)))];
        if (_tokenizer.Report is { } report && Interlocked.Increment(ref _reports) == 1)
        {
            _host.Info(report);
        }
        using SharedNetwork.Lease network = _network.Share(nameof(HiddenStateNetwork));
        var inputs = new NetworkInputs(network.Model);
        return HiddenStates.Of(network.Model, () => inputs.Pad(rows));
    }

    /// <summary>Reads token ids. An encoder-decoder whose batch has no target reads the source itself, moved to the right, as its classifiers do.</summary>
    /// <param name="batch">At least one sequence of at least one token, no longer than <see cref="ModelConfig.MaxTokens"/>, on the network's device.</param>
    /// <returns>The vectors; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The sequences are too long.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public HiddenStates Read(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long longest = Math.Max(batch.Length, batch.Target?.Length ?? 0);
        if (longest > Config.MaxTokens)
        {
            throw new ArgumentException($"The batch has sequences of {longest} tokens, but the network has {Config.MaxTokens} positions. Give shorter ones.", nameof(batch));
        }
        using SharedNetwork.Lease network = _network.Share(nameof(HiddenStateNetwork));
        return HiddenStates.Of(network.Model, batch);
    }

    /// <summary>Frees the network, as soon as nobody reads with it.</summary>
    public void Dispose() => _network.Dispose();
}
