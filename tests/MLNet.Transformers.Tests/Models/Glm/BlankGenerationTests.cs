using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Glm;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>Generation with the inputs of the early GLMs: two rows of positions and masks that grow.</summary>
public sealed class BlankGenerationTests : IDisposable
{
    private readonly DisposeScope _scope;

    public BlankGenerationTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("glm2022-infilling")]
    [InlineData("glm2022-scaled-attention")]
    public void A_blank_is_filled_as_by_the_published_code(string golden)
    {
        string folder = Shared.Golden(golden);
        using TaskModel model = Load(folder);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        foreach (JsonElement item in expected.RootElement.GetProperty("infilling_greedy").EnumerateArray())
        {
            int[] partA = Numbers(item.GetProperty("part_a")), written = Numbers(item.GetProperty("new_ids"));
            int blank = partA[item.GetProperty("mask_position").GetInt32()];
            BlankInputs inputs = BlankInfilling.ForGeneration([partA], [[.. partA.Select(_ => 1)]], [blank], item.GetProperty("start_token").GetInt32(), written.Length);

            Assert.Equal(written, Write(model, inputs.ToTokens(), written.Length, cached: true)[0]);
            Assert.Equal(written, Write(model, inputs.ToTokens(), written.Length, cached: false)[0]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Filling_of_the_text_changes_nothing(bool cached)
    {
        using TaskModel model = Networks.Create("glm of 2022", HeadKind.CausalLanguageModel);
        int[][] texts = [[3, 9, 12, 8], [9, 5], [11, 9, 2]];
        int[][] alone = [.. texts.Select(text => Write(model, Inputs(text, text.Length), 6, cached)[0])];

        BlankInputs together = BlankInfilling.ForGeneration(
            [.. texts.Select(text => Filled(text, 4))], [.. texts.Select(text => Filled([.. text.Select(_ => 1)], 4))], [9], 7, 6);

        Assert.Equal(alone, Write(model, together.ToTokens(), 6, cached));

        static int[] Filled(int[] row, int length) => [.. row, .. new int[length - row.Length]];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_of_a_chat_changes_nothing(bool cached)
    {
        using TaskModel model = Networks.Create("chatglm-6b", HeadKind.CausalLanguageModel);
        var tokens = new ChatGlm1Tokens(StartId: 4, MaskId: 5, LongMaskId: 6, PadId: 0);
        int[][] rows = [[8, 9, 10, 6, 4], [6, 4], [7, 5, 11, 12, 13, 4, 9]];

        int[][] together = Write(model, ChatGlm1Inputs.Pad(rows, tokens).ToTokens(), 5, cached);

        Assert.Equal(rows.Select(row => Write(model, ChatGlm1Inputs.Pad([row], tokens).ToTokens(), 5, cached)[0]), together);
    }

    [Fact]
    public void Ids_alone_are_gone_on_with_as_if_they_had_been_read_anew()
    {
        foreach ((string row, int[] prompt) in ((string, int[])[])[("chatglm-6b", [8, 5, 9, 4]), ("chatglm-6b", [8, 9, 6, 4]), ("glm of 2022", [8, 9, 3])])
        {
            using TaskModel model = Networks.Create(row, HeadKind.CausalLanguageModel);
            using var noGradient = no_grad();
            List<int> ids = [.. prompt];
            for (int step = 0; step < 6; step++)
            {
                ids.Add((int)model.forward(new TokenBatch(new[] { ids.ToArray() }.ToTensor(null))).Logits[0, -1].argmax().item<long>());
            }

            Assert.Equal(ids[prompt.Length..], Write(model, new TokenBatch(new[] { prompt }.ToTensor(null)), 6, cached: true)[0]);
        }
    }

    [Fact]
    public void A_query_that_sees_nothing_spreads_no_NaN()
    {
        using TaskModel model = Networks.Create("glm of 2022", HeadKind.CausalLanguageModel);
        BlankChoices choices = BlankInfilling.ForChoices([[3, 9], [9, 3]], [[1, 1], [1, 1]], [[[5], [6, 4, 8]], [[5], [6]]], 9, 7);

        HeadOutput output = Networks.Forward(model, choices.Inputs.ToTokens());

        Assert.All(Networks.Values(output.Logits), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void One_row_of_positions_is_a_texts_places()
    {
        foreach (string row in (string[])["glm of 2022", "glm of 2022 without blocks"])
        {
            using TaskModel model = Networks.Create(row, HeadKind.CausalLanguageModel);
            Tensor ids = new[] { new[] { 3, 8, 11, 2 } }.ToTensor(null), places = new[] { new[] { 2, 3, 5, 4 } }.ToTensor(null);

            float[] two = Networks.Values(Networks.Forward(model, new TokenBatch(ids, Positions: stack([places, zeros_like(places)], 1))).Logits);

            Assert.Equal(two, Networks.Values(Networks.Forward(model, new TokenBatch(ids, Positions: places)).Logits));
            Assert.NotEqual(two, Networks.Values(Networks.Forward(model, new TokenBatch(ids)).Logits));
        }
    }

    private static TokenBatch Inputs(int[] text, int length) =>
        BlankInfilling.ForGeneration([text], [[.. Enumerable.Repeat(1, length)]], [9], 7, 6).ToTokens();

    private static int[][] Write(TaskModel model, TokenBatch prompt, int count, bool cached) =>
    [
        .. Writers.Sequences(model, prompt, new GenerationOptions { MaxNewTokens = count, Cached = cached })
            .Select(texts => texts[0].Ids.ToArray()),
    ];

    private static TaskModel Load(string folder)
    {
        using ITensorSource source = CheckpointFolder.OpenWeights(folder);
        TaskModel model = TaskModel.Create(CheckpointContents.OfFolder(folder).Config, HeadKind.CausalLanguageModel, Placement.Cpu);
        CheckpointLoader.Load(model, source, [], [], seed: 0);
        model.eval();
        return model;
    }

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];
}
