"""What our trainers add to those of TRL, on a tiny model; says what it saw as JSON.

python trainer_checks.py FOLDER_OF_A_BASE
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, GenerationConfig  # noqa: E402

from drawing import Drawing, can_keep  # noqa: E402
from full_disk import naming_full_disk  # noqa: E402
from masters import AdamOnMasters  # noqa: E402
from model import upper_layers  # noqa: E402
from packing import added, attention_masks, pack, Segment  # noqa: E402
from running import last_checkpoint  # noqa: E402
from segmented_attention import segments_of, use_segments  # noqa: E402
from timing import Timing  # noqa: E402

END, PAD = 5, 0


def drawn_turns(model) -> dict:
    """Four turns of five episodes, of which some end early: kept, and read anew from the beginning."""
    chance = torch.Generator().manual_seed(7)

    def words(count: int) -> list[int]:
        return torch.randint(6, model.config.vocab_size, (count,), generator=chance).tolist()

    config = GenerationConfig(max_new_tokens=9, do_sample=False, eos_token_id=[END], pad_token_id=PAD)
    timing = Timing()
    drawing = Drawing(model, config, [END], PAD, timing)
    first, second = words(40), words(23)
    prompts = [first, first, second, second, first]
    same, prompt_tokens = [], 0
    for turn in range(4):
        kept = drawing.draw(prompts)
        same.append(kept == [anew(model, config, prompt) for prompt in prompts])
        prompts = [prompt + said + words(3 + 5 * place) for place, (prompt, said) in enumerate(zip(prompts, kept))]
        prompt_tokens = sum(map(len, prompts))
        if turn == 1:  # two are over, and the others come in another order
            prompts = [prompts[4], prompts[0], prompts[2]]
    other = drawing.draw([words(11)])  # nothing of it was read before
    taken = timing.take()
    return {"same": same, "other": len(other), "read": taken["tokens/reading"], "tokens": prompt_tokens}


def anew(model, config, prompt: list[int]) -> list[int]:
    ids = torch.tensor([prompt])
    said = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), generation_config=config)[0, len(prompt) :]
    ended = (said == END).nonzero()
    return said[: int(ended[0]) + 1 if len(ended) else None].tolist()


def small_steps() -> dict:
    """Weights in bf16 under steps too small for them, which AdamW loses; stopped and taken up again in the middle."""

    def trained(steps: int, optimizer, weight) -> None:
        for _ in range(steps):
            weight.grad = torch.ones_like(weight)
            optimizer.step()
            optimizer.zero_grad()

    plain, weight, again = (torch.nn.Parameter(torch.ones(4, dtype=torch.bfloat16)) for _ in range(3))
    trained(40, torch.optim.AdamW([plain], lr=1e-3, weight_decay=0.0), plain)
    optimizer = AdamOnMasters([weight], lr=1e-3)
    trained(15, optimizer, weight)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    trained(25, optimizer, weight)
    file.seek(0)
    resumed = AdamOnMasters([again], lr=1e-3)
    resumed.load_state_dict(torch.load(file))
    trained(25, resumed, again)
    return {"plain": plain[0].item(), "masters": weight[0].item(), "same": torch.equal(weight, again)}


def layers_trained(folder: Path) -> dict:
    model = upper_layers(AutoModelForCausalLM.from_pretrained(folder), 1)
    names = [name for name, one in model.named_parameters() if one.requires_grad]
    try:
        upper_layers(model, 9)
        refusal = None
    except SystemExit as error:
        refusal = str(error)
    return {"parts": sorted({".".join(name.split(".")[:3]) for name in names}), "refusal": refusal}


@torch.no_grad()
def packed_attention(folder: Path) -> dict:
    """How far what three packed segments become is from what each becomes alone; also by a mask that lets each see those before it,
    which is looked at only within a segment."""
    alone = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    together = use_segments(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)).eval()
    chance = torch.Generator().manual_seed(3)
    beginning, *own = (torch.randint(6, 20, (count,), generator=chance).tolist() for count in (11, 7, 4, 9))
    rows = [beginning + one for one in own]
    packed = pack([Segment(one, [-100] * (len(one) - 1) + one[-1:]) for one in rows])
    ids, places, numbers = (torch.tensor([packed[key]]) for key in ("input_ids", "position_ids", "segment_ids"))
    masks = attention_masks(numbers, places, together.config, torch.float32)
    segments = segments_of(numbers[0])
    shared = segments[0].stop
    true = [alone.model(input_ids=torch.tensor([row])).last_hidden_state[0, shared:] for row in rows]
    open_mask = added(torch.ones_like(masks, dtype=torch.bool).tril(), torch.float32)

    def apart(mask: torch.Tensor, **within) -> float:
        made = together.model(input_ids=ids, position_ids=places, attention_mask=mask, **within).last_hidden_state[0]
        return max((made[numbers[0] == number] - one).abs().max().item() for number, one in enumerate(true))

    return {
        "segments": len(segments),
        "apart": apart(masks, segments=segments),
        "apartByOpenMask": apart(open_mask, segments=segments),
        "apartWithoutSegments": apart(open_mask),
    }


def without_room() -> dict:
    """What is said of a device without room and of any other fault, and which checkpoint is gone on from."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        for step, state in (("9", "{}"), ("10", "{}"), ("11", '{"epoch": '), ("12", None)):
            (out / "checkpoints" / f"checkpoint-{step}").mkdir(parents=True)
            if state is not None:
                (out / "checkpoints" / f"checkpoint-{step}" / "trainer_state.json").write_text(state)
        said = {"checkpoint": Path(last_checkpoint(out) or "").name, "none": last_checkpoint(out / "checkpoints")}
        for fault, path in (("full", "/dev/full"), ("other", str(out))):
            try:
                with naming_full_disk(out), open(path, "w") as file:
                    file.write("more than none")
            except (SystemExit, OSError) as error:
                said[fault] = str(error).replace(name, "OUT")
        return said


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    seen = {
        "canKeep": can_keep(model.config),
        "layers": layers_trained(folder),
        "room": without_room(),
    }
    if seen["canKeep"]:
        seen |= {"turns": drawn_turns(model), "steps": small_steps(), "packed": packed_attention(folder)}
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
