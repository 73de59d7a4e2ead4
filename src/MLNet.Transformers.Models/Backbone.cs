using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>The part of a network that all heads of an architecture share: from token ids to one vector per token.</summary>
internal abstract class Backbone : nn.Module<TokenBatch, BackboneOutput>
{
    private bool _isRegistered;

    private protected Backbone(string name)
        : base(name)
    {
    }

    /// <summary>The table of token vectors, (vocabulary, hidden), which language-model heads share.</summary>
    public abstract Tensor TokenEmbedding { get; }

    /// <summary>The type in which activations are computed. Weights stay in their own type; float32 by default.</summary>
    internal virtual ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>The network for one token of one text, which goes on where it has read a prompt; null where it has no such form.</summary>
    internal virtual VectorNetwork? Vectors(VectorWeights weights) => null;

    /// <summary>Whether it predicts without libtorch, so that several sequences at once are done sooner than one after the other.</summary>
    internal virtual bool PredictsInTiles => false;

    /// <summary>Layers whose keys and values a decoder keeps while it generates; 0 where the architecture has no decoder.</summary>
    internal virtual int CachedLayers => 0;

    /// <summary>The positions of a batch, (batch, tokens) or (batch, 2, tokens), derived where they are not given.</summary>
    internal virtual Tensor PositionsOf(TokenBatch batch) => batch.Positions ?? Positions.OfTokens(batch);

    /// <summary>The positions of the tokens that follow others.</summary>
    /// <param name="positions">Positions of all tokens before, (batch, tokens) or (batch, 2, tokens).</param>
    /// <returns>(batch, 1) or (batch, 2, 1).</returns>
    internal virtual Tensor PositionsAfter(Tensor positions) => Positions.Last(positions).Plus(Number(1));

    /// <summary>The mask of a batch, in one of the forms of <see cref="TokenBatch.Mask"/>; derived where the network has rules of its own.</summary>
    internal virtual Tensor? MaskOf(TokenBatch batch) => batch.Mask;

    /// <summary>Parts in the order of the data flow, the embeddings first: what layer freezing counts.</summary>
    internal abstract IReadOnlyList<nn.Module> Stages { get; }

    /// <summary>Registers the parts under the names of their attributes, which may have dots: "encoder.layer".</summary>
    protected sealed override void RegisterComponents()
    {
        if (!_isRegistered)
        {
            this.RegisterFields();
            _isRegistered = true;
        }
    }
}
