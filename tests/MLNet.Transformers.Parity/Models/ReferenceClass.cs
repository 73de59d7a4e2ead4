using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.ChatGlm2;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>How the reference names what a kind of head takes and gives.</summary>
internal static class ReferenceClass
{
    /// <summary>The row of the table that a class is; null where no architecture of ours has the class.</summary>
    public static HeadSpec? Find(string name) =>
        ArchitectureRegistry.All.SelectMany(architecture => architecture.Heads).FirstOrDefault(head => head.ClassName == name);

    /// <summary>The row of a network's own table: several architectures may call their classes alike.</summary>
    public static HeadSpec Of(ModelConfig config, HeadSpec named) =>
        ArchitectureRegistry.Of(config).Heads.FirstOrDefault(head => head.ClassName == named.ClassName) ?? named;

    /// <summary>What a case gives, as our networks take it.</summary>
    public static TokenBatch Batch(TaskModel model, IReadOnlyDictionary<string, Tensor> inputs) => new(
        inputs["input_ids"], inputs.GetValueOrDefault("token_type_ids"), Mask(model, inputs.GetValueOrDefault("attention_mask")),
        inputs.GetValueOrDefault("position_ids"))
    {
        Target = Target(model, inputs),
    };

    /// <summary>Outputs by the reference's names.</summary>
    public static Dictionary<string, Tensor> Outputs(TaskModel model, HeadOutput output)
    {
        Tensor logits = output.Logits;
        Dictionary<string, Tensor> outputs = model.Head switch
        {
            HeadKind.None when model.Config is Glm2022Config => new()
            {
                ["last_hidden_states"] = logits, ["logits"] = logits.matmul(model.Backbone.TokenEmbedding.transpose(0, 1)),
            },
            HeadKind.None or HeadKind.Encoder => WithOptional(new() { ["last_hidden_state"] = logits }, "pooler_output", output.SequenceLogits),
            HeadKind.QuestionAnswering => new() { ["start_logits"] = logits.select(2, 0), ["end_logits"] = logits.select(2, 1) },
            HeadKind.Pretraining => WithOptional(new() { ["prediction_logits"] = logits }, "seq_relationship_logits", output.SequenceLogits),
            HeadKind.MultipleChoice => WithOptional(new() { ["logits"] = logits }, "lm_logits", output.SequenceLogits),
            _ => new() { ["logits"] = logits },
        };
        return WithOptional(outputs, "encoder_last_hidden_state", output.SourceTokens);
    }

    /// <summary>The loss that the reference computes where a case gives labels; null where it gives none.</summary>
    public static Tensor? Loss(TaskModel model, HeadOutput output, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var labels = new HeadLabels(inputs.GetValueOrDefault("labels"))
        {
            StartPositions = inputs.GetValueOrDefault("start_positions"),
            EndPositions = inputs.GetValueOrDefault("end_positions"),
            NextSentence = inputs.GetValueOrDefault("next_sentence_label"),
        };
        return (labels.Labels ?? labels.StartPositions) is null || model.Head is HeadKind.None or HeadKind.Encoder
            ? null
            : LossTerm.Mean(HeadLoss.Terms(model, Batch(model, inputs), labels), output);
    }

    /// <summary>What a case expects, with the batch in front: THUDM's ChatGLMModel gives hidden states of (tokens, batch, width).</summary>
    /// <param name="model">The network.</param>
    /// <param name="expected">What the case says.</param>
    /// <param name="ours">The shape of what we give.</param>
    public static Tensor BatchFirst(TaskModel model, Tensor expected, long[] ours)
    {
        bool published = model is { Config: ChatGlm1Config or ChatGlm2Config, Head: HeadKind.None } && expected.dim() == 3;
        return published && expected.transpose(0, 1) is var turned && turned.shape.SequenceEqual(ours) ? turned : expected;
    }

    private static Tensor? Mask(TaskModel model, Tensor? mask) => (model.Config, mask) switch
    {
        (Glm2022Config, _) => BlankMask(model, mask),
        // One that marks what is not seen.
        (ChatGlm1Config, { } square) when square.dim() > 2 => square.eq(0),
        // One that is added to the scores: 0 where a key is seen.
        (_, { } added) when added.dim() == 4 && added.is_floating_point() && added.min().item<double>() < 0 => added.ge(0),
        _ => mask,
    };

    // In the reference's GLM of 2022 as many numbers as rows, or one, or none say how many tokens all see; a mask of tokens hides padding and nothing else.
    private static Tensor? BlankMask(TaskModel model, Tensor? mask) => mask switch
    {
        null => model.Head == HeadKind.SequenceClassification ? zeros(1, ScalarType.Int64) : null,
        _ when mask.numel() == 1 => mask.reshape(1),
        _ when mask.dim() == 2 && mask.shape[1] == 1 => mask.reshape(-1),
        _ when mask.dim() == 2 => mask.unsqueeze(1).unsqueeze(1),
        _ => mask,
    };

    // What the decoder reads: as given, or the labels moved to the right.
    private static TokenBatch? Target(TaskModel model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        if (inputs.TryGetValue("decoder_input_ids", out Tensor? ids))
        {
            return new TokenBatch(ids, Mask: inputs.GetValueOrDefault("decoder_attention_mask"));
        }
        return model.Head == HeadKind.SequenceToSequence && inputs.TryGetValue("labels", out Tensor? labels)
            ? model.TargetOf(labels)
            : null;
    }

    private static Dictionary<string, Tensor> WithOptional(Dictionary<string, Tensor> outputs, string name, Tensor? tensor)
    {
        if (tensor is not null)
        {
            outputs[name] = tensor;
        }
        return outputs;
    }
}
