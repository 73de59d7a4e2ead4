using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>A head: from the backbone's vectors and its token embedding, which language-model heads share, to scores.</summary>
internal abstract class Head(string name) : nn.Module<BackboneOutput, Tensor, HeadOutput>(name)
{
    /// <summary>The head for one vector of a network that writes; null where it has no such form.</summary>
    public virtual VectorHead? Vectors(VectorWeights weights, Tensor tokenEmbedding) => null;

    /// <summary>Nothing: a head registers its parts itself, under the names that its architecture's checkpoints have for them.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}

/// <summary>No head: hands on what the backbone computed.</summary>
internal sealed class NoHead(bool pooled = true) : Head(nameof(NoHead))
{
    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(states.Tokens, pooled ? states.Pooled : null);
}
