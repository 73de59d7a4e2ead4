using MLNet.Transformers.Models.Vectors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>A layer of a network: from hidden states, (batch, tokens, hidden), to the next ones.</summary>
internal abstract class Layer(string name) : nn.Module<Tensor, LayerStep, Tensor>(name)
{
    /// <summary>The layer for one token of one text; null where it has no such form.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="work">Where the token is.</param>
    public virtual VectorLayer? Vectors(VectorWeights weights, VectorWorkspace work) => null;
}

/// <summary>The layers of an encoder or a decoder, one after the other.</summary>
internal static class Layers
{
    /// <param name="layers">The layers.</param>
    /// <param name="hidden">The embedded tokens, (batch, tokens, hidden).</param>
    /// <param name="step">What every layer is given; each gets its own part of the cache.</param>
    /// <param name="batch">What is read: its cache, and the list of hidden states where they are asked for.</param>
    /// <returns>What comes out of the last, (batch, tokens, hidden).</returns>
    public static Tensor Run(this ModuleList<Layer> layers, Tensor hidden, LayerStep step, TokenBatch batch)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            batch.HiddenStates?.Add(hidden);
            using var scope = NewDisposeScope();
            hidden = layers[i].forward(hidden, step with { Cache = batch.Cache?[i] }).MoveToOuterDisposeScope();
        }
        return hidden;
    }
}
