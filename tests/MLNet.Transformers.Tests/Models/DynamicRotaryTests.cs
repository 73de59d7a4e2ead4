using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Rotary frequencies that follow the text's length, while it is written.</summary>
public class DynamicRotaryTests
{
    [Fact]
    public void Cached_keys_stay_as_they_were_turned()
    {
        const int Limit = 4;
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        ModelConfig config = DecoderNetworks.Parse(DecoderNetworks.Json(
            DecoderNetworks.Llama, ("max_position_embeddings", $"{Limit}"), ("rope_scaling", """{"rope_type":"dynamic","factor":8.0}"""), ("rope_theta", "10")));
        using TaskModel model = Networks.Create(config, HeadKind.None);
        Tensor ids = tensor([3L, 7, 11, 2, 9, 5, 8], [1, 7]);
        Tensor positions = arange(7, ScalarType.Int64).unsqueeze(0);
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, 7);

        for (int i = 0; i < 7; i++)
        {
            var one = new TokenBatch(ids.narrow(1, i, 1), Positions: positions.narrow(1, i, 1)) { Cache = cache };
            float[] step = Networks.Values(model.Backbone.forward(one).Tokens);
            float[] anew = Networks.Values(model.Backbone.forward(new TokenBatch(ids.narrow(1, 0, i + 1))).Tokens[TensorIndex.Colon, -1]);

            double difference = step.Zip(anew, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(i < Limit ? difference < 5e-6 : difference > 1e-4, $"{i}: {difference}");
        }
    }
}
