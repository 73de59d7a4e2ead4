using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Training;

public class AdamWTests
{
    [Fact]
    public void Matrices_decay_and_biases_and_normalisation_do_not()
    {
        using TaskModel network = Networks.Create("bert", HeadKind.SequenceClassification);
        var before = network.NamedParameters.ToDictionary(item => item.Name, item => item.Parameter.data<float>().ToArray());
        foreach ((_, var parameter) in network.NamedParameters)
        {
            parameter.grad = zeros_like(parameter);
        }
        using var optimizer = new AdamW(network.NamedParameters, weightDecay: 0.5);

        optimizer.Step(0.1);

        Assert.All(network.NamedParameters, item =>
        {
            float factor = item.Name.EndsWith("bias", StringComparison.Ordinal) || item.Name.Contains("LayerNorm", StringComparison.Ordinal) ? 1 : 0.95f;
            Assert.All(before[item.Name].Zip(item.Parameter.data<float>().ToArray()), pair => Assert.Equal(pair.First * factor, pair.Second, 1e-6f));
        });
    }

    [Fact]
    public void The_options_decay_is_the_loops()
    {
        float Norm(double decay)
        {
            var ml = new Microsoft.ML.MLContext(1);
            using var folder = new Checkpoints.TemporaryFolder();
            SequenceClassificationOptions options = SequenceClassification.Reviews.Options(2);
            options.WeightDecay = decay;
            using SequenceClassificationTransformer model = SequenceClassification.Reviews.Train(ml, options);
            model.SaveCheckpoint(folder.Folder);
            using var file = MLNet.Transformers.Models.Checkpoints.Safetensors.SafetensorsFile.Open(folder.File("model.safetensors"));
            using Tensor weight = empty(file["bert.encoder.layer.0.output.dense.weight"].Shape);
            file.CopyTo("bert.encoder.layer.0.output.dense.weight", weight);
            return weight.norm().item<float>();
        }

        // Four steps at 2e-2, falling to 0.
        Assert.True(Norm(1) < 0.97 * Norm(0));
    }
}
