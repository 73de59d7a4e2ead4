using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>What the checks of trained language models share.</summary>
internal static class LanguageModelFigures
{
    public static TaskModel Load(string folder, HeadKind head)
    {
        TaskModel model = TaskModel.Create(CheckpointContents.OfFolder(folder).Config, head, Placement.Cpu);
        using ITensorSource source = CheckpointFolder.OpenWeights(folder);
        CheckpointLoader.Load(model, source, mayAdd: [], replace: [], seed: 0);
        model.eval();
        return model;
    }

    /// <summary>Scores of the token behind some ids, (vocabulary).</summary>
    public static float[] LastLogits(TaskModel model, IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Tensor logits = model.forward(TokenBatch.Pad([[.. ids]], null, 0)).Logits;
        return logits[0, -1].to(ScalarType.Float32).data<float>().ToArray();
    }

    /// <summary>Sum of the negative log-probabilities that a decoder gives to every token of each text but its first, and their number.</summary>
    public static (double Sum, int Count) NegativeLogLikelihood(TaskModel model, IEnumerable<int[]> texts)
    {
        double sum = 0;
        int count = 0;
        using var inference = inference_mode();
        foreach (int[] ids in texts.Where(text => text.Length > 1))
        {
            using var scope = NewDisposeScope();
            Tensor logits = model.forward(TokenBatch.Pad([ids], null, 0)).Logits[0];
            Tensor labels = tensor([.. ids.Skip(1).Select(id => (long)id)]);
            Tensor probabilities = logits.narrow(0, 0, ids.Length - 1).to(ScalarType.Float32).log_softmax(1).gather(1, labels.unsqueeze(1));
            sum -= probabilities.to(ScalarType.Float64).sum().item<double>();
            count += ids.Length - 1;
        }
        return (sum, count);
    }
}
