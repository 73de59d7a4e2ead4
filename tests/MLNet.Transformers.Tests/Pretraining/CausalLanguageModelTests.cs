using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

public class CausalLanguageModelTests
{
    [Theory]
    [InlineData("llama-gqa-llama3-causal")]
    [InlineData("glm-causal")]
    [InlineData("chatglm3-causal")]
    public void Documents_of_one_block_are_learnt_as_if_each_stood_alone(string golden)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        var config = ModelConfig.FromFile(Shared.Golden(golden, "config.json"));
        using TaskModel network = TaskModel.Create(config, HeadKind.CausalLanguageModel, Placement.Cpu);
        using var weights = MLNet.Transformers.Models.Checkpoints.Safetensors.SafetensorsFile.Open(Shared.Golden(golden, "model.safetensors"));
        MLNet.Transformers.Models.Checkpoints.CheckpointLoader.Load(network, weights, [], [], seed: 0);
        network.eval();
        var inputs = new NetworkInputs(network);
        CausalLanguageModel objective = Objective(acrossDocuments: false), across = Objective(acrossDocuments: true);
        int[] first = [11, 12, 13, 14, 15], second = [21, 22, 23], third = [31, 32, 33, 34];
        TextBlock packed = new([.. first, .. second, .. third], [5, 8, 12], [5, 8, 12]);

        MeanLoss together = Loss(objective, packed, TextBlock.Of(first));
        MeanLoss apart = Loss(objective, TextBlock.Of(first), TextBlock.Of(second), TextBlock.Of(third), TextBlock.Of(first));

        Assert.Equal((4 + 2 + 3 + 4, 11.0), (apart.Weights[0], Loss(across, packed).Weights[0]));
        Assert.Equal(apart.Weights, together.Weights);
        Assert.Equal(apart.Value, together.Value, 1e-5);
        Assert.NotEqual(apart.Value, Loss(across, packed).Value, 1e-3);

        MeanLoss Loss(CausalLanguageModel learnt, params TextBlock[] blocks)
        {
            LabelledBatch batch = learnt.Prepare(blocks, inputs, new Random(1));
            var loss = new MeanLoss();
            loss.Add(batch, network.forward(batch.Tokens));
            return loss;
        }

        CausalLanguageModel Objective(bool acrossDocuments) =>
            new(new ObjectiveContext(SampleNetworks.Tiny().Tokenizer, config, network.Spec, 16), acrossDocuments);
    }

    [Fact]
    public void The_references_loss_is_met()
    {
        (double expected, double actual) = PlainTexts.GoldenLoss("llama-gqa-llama3-causal", HeadKind.CausalLanguageModel, (rows, _, inputs) =>
            new CausalLanguageModel(new ObjectiveContext(SampleNetworks.Tiny().Tokenizer, inputs.Network.Config, inputs.Network.Spec, 64), acrossDocuments: false)
                .Prepare([.. rows.Select(row => TextBlock.Of(row.Read.Ids))], inputs, new Random(1)));

        Assert.Equal(expected, actual, 2e-5);
    }

    [Fact]
    public void Documents_stand_between_the_tokens_that_the_tokenizer_puts_around_a_text()
    {
        Checkpoint checkpoint = PlainTexts.TinyLlama();
        BlockShape blocks = new CausalLanguageModel(PlainTexts.Context(checkpoint, HeadKind.CausalLanguageModel, 16), acrossDocuments: false).Blocks;

        Assert.Equal((16, true), (blocks.Length, blocks.Packed));
        Assert.Equal([checkpoint.Tokenizer.ClassTokenId!.Value], blocks.DocumentStart);
        Assert.Equal([checkpoint.Tokenizer.SeparatorTokenId!.Value], blocks.DocumentEnd);
    }
}
