using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>The part of a network that all heads of an architecture share: from token ids to one vector per token.</summary>
public abstract class Backbone : nn.Module<TokenBatch, BackboneOutput>
{
    private protected Backbone(string name)
        : base(name)
    {
    }

    /// <summary>The table of token vectors, (vocabulary, hidden), which language-model heads share.</summary>
    public abstract Tensor TokenEmbedding { get; }

    /// <summary>The type in which activations are computed. Weights stay in their own type; float32 by default.</summary>
    internal virtual ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>Where set, receives the hidden states after the embeddings and after each layer, (batch, tokens, hidden).</summary>
    internal virtual Action<Tensor>? HiddenStateObserver { get; set; }

    /// <summary>Layers whose keys and values a decoder keeps while it generates; 0 where the architecture has no decoder.</summary>
    internal virtual int CachedLayers => 0;

    /// <summary>The positions of a batch, (batch, tokens) or (batch, 2, tokens), derived where they are not given.</summary>
    internal virtual Tensor PositionsOf(TokenBatch batch) => batch.Positions ?? Nn.Positions.OfTokens(batch);

    /// <summary>The positions of tokens that follow others, shaped like <see cref="PositionsOf"/>'s for one token.</summary>
    /// <param name="last">Positions of the last token of each row.</param>
    internal virtual Tensor PositionsAfter(Tensor last) => last + 1;

    /// <summary>Parts in the order of the data flow, the embeddings first: what layer freezing counts.</summary>
    internal abstract IReadOnlyList<nn.Module> Stages { get; }
}
