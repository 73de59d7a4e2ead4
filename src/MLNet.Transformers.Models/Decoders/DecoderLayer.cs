using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>A layer of a decoder: hidden states, (batch, tokens, hidden), to such.</summary>
internal abstract class DecoderLayer(string name) : nn.Module<Tensor, DecoderStep, Tensor>(name);

/// <summary>The layers of a decoder, one after the other.</summary>
internal static class DecoderLayers
{
    /// <param name="layers">The layers.</param>
    /// <param name="hidden">The embedded tokens, (batch, tokens, hidden).</param>
    /// <param name="step">What every layer is given.</param>
    /// <param name="cache">What was read before, or null.</param>
    /// <param name="observer">Is shown what goes into each layer.</param>
    /// <returns>What comes out of the last, (batch, tokens, hidden).</returns>
    public static Tensor Run(this ModuleList<DecoderLayer> layers, Tensor hidden, DecoderStep step, KeyValueCache? cache, Action<Tensor>? observer)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            observer?.Invoke(hidden);
            using var scope = NewDisposeScope();
            hidden = layers[i].forward(hidden, step with { Cache = cache?[i] }).MoveToOuterDisposeScope();
        }
        return hidden;
    }
}
