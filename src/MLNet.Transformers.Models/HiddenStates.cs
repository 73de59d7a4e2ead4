using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>What a network computes of a batch, layer by layer. Holds tensors until it is disposed, whatever dispose scopes there are.</summary>
public sealed class HiddenStates : IDisposable
{
    private IReadOnlyList<Tensor> _batchTensors = [];

    private HiddenStates(IReadOnlyList<Tensor> layers, IReadOnlyList<Tensor> sourceLayers, Tensor? pooled, TokenBatch batch) =>
        (Layers, SourceLayers, Pooled, Batch) = (layers, sourceLayers, pooled, batch);

    /// <summary>
    /// The embedded tokens, then what comes out of each layer, each (batch, tokens, hidden); of an encoder-decoder the decoder's. The last is behind the
    /// network's last normalisation: the vectors that a head reads.
    /// </summary>
    public IReadOnlyList<Tensor> Layers { get; }

    /// <summary>The last of <see cref="Layers"/>, (batch, tokens, hidden).</summary>
    public Tensor Tokens => Layers[^1];

    /// <summary>Of an encoder-decoder the encoder's, as <see cref="Layers"/>; else empty.</summary>
    public IReadOnlyList<Tensor> SourceLayers { get; }

    /// <summary>One vector per sequence, (batch, hidden), pooled as the architecture was pretrained; null where it has none.</summary>
    public Tensor? Pooled { get; }

    /// <summary>What was read: ids, and the mask that tells tokens from padding (null: there is none).</summary>
    public TokenBatch Batch { get; }

    /// <summary>Frees the tensors that were computed. Those of <see cref="Batch"/> go too where it was made of texts; else they belong to whoever made it.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Layers.Concat(SourceLayers).Concat(_batchTensors))
        {
            tensor.Dispose();
        }
        Pooled?.Dispose();
    }

    /// <summary>Reads a batch that is made for this alone: its tensors are freed with the hidden states.</summary>
    /// <param name="model">A network in eval mode.</param>
    /// <param name="makeBatch">Makes at least one sequence of at least one token.</param>
    internal static HiddenStates Of(TaskModel model, Func<TokenBatch> makeBatch)
    {
        using var scope = NewDisposeScope();
        HiddenStates states = Of(model, makeBatch());
        states._batchTensors = [.. new[] { states.Batch.Ids, states.Batch.SegmentIds, states.Batch.Mask }.OfType<Tensor>().Select(Keep)];
        return states;
    }

    /// <summary>Reads a batch.</summary>
    /// <param name="model">A network in eval mode.</param>
    /// <param name="batch">At least one sequence of at least one token.</param>
    internal static HiddenStates Of(TaskModel model, TokenBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        List<Tensor> states = [];
        BackboneOutput output = model.Backbone.forward(
            batch with { HiddenStates = states, Target = batch.Target is { } target ? target with { HiddenStates = states } : null });
        int sources = output.SourceTokens is null ? 0 : states.Count - model.Backbone.CachedLayers;
        return new HiddenStates(
            [.. states[sources..].Append(output.Tokens).Select(Keep)],
            output.SourceTokens is { } source ? [.. states[..sources].Append(source).Select(Keep)] : [],
            model.Spec.Pooled && output.Pooled is { } pooled ? Keep(pooled) : null, batch);
    }

    private static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();
}
