using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// Attention of heads with keys of their own, before its output is projected: to the tokens themselves, or to a source. The projections are parts of
/// the module that calls, under the names that the checkpoint has for them.
/// </summary>
/// <param name="query">Projection to queries, (hidden → heads × width).</param>
/// <param name="key">Projection to keys.</param>
/// <param name="value">Projection to values.</param>
/// <param name="heads">Number of heads.</param>
/// <param name="dropout">Share of attention weights that training drops.</param>
/// <param name="scale">As <see cref="Attention.Forward"/> takes it.</param>
internal sealed class ProjectedAttention(Linear query, Linear key, Linear value, int heads, double dropout, double? scale = null)
{
    /// <summary>What tokens see of each other and, in a decoder, of those before them.</summary>
    /// <param name="hidden">(batch, tokens, hidden).</param>
    /// <param name="mask">As <see cref="Attention.Forward"/> takes it.</param>
    /// <param name="cache">What the layer has read before, and is to remember.</param>
    /// <returns>(batch, tokens, heads × width).</returns>
    public Tensor ToItself(Tensor hidden, Tensor? mask, LayerCache? cache)
    {
        (Tensor Keys, Tensor Values) read = Read(hidden);
        return Attend(hidden, cache?.Append(read.Keys, read.Values) ?? read, mask);
    }

    /// <summary>What tokens see of a source, whose keys and values are computed once where there is a cache.</summary>
    /// <param name="hidden">(batch, tokens, hidden).</param>
    /// <param name="source">The source.</param>
    /// <param name="cache">What the layer remembers.</param>
    /// <returns>(batch, tokens, heads × width).</returns>
    public Tensor ToSource(Tensor hidden, AttentionSource source, LayerCache? cache) =>
        Attend(hidden, cache?.Source(() => Read(source.States)) ?? Read(source.States), source.Mask);

    private (Tensor Keys, Tensor Values) Read(Tensor x) => (Attention.SplitHeads(key.forward(x), heads), Attention.SplitHeads(value.forward(x), heads));

    // The mode of a part is that of the module that it belongs to.
    private Tensor Attend(Tensor hidden, (Tensor Keys, Tensor Values) read, Tensor? mask) => Attention.Forward(
        Attention.SplitHeads(query.forward(hidden), heads), read.Keys, read.Values, mask, query.training ? dropout : 0, scale);
}
