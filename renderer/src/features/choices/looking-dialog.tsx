import { Button, Loader, Modal } from '@mantine/core';
import { overlay, useExternal } from '#renderer/lib';

/** While files are compared with what is where they are to go: large ones are read for it. */
export function LookingDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'looking') return null;
  const { onCancel } = open;
  const cancel = () => {
    overlay.set(null);
    onCancel();
  };
  return (
    <Modal opened onClose={cancel} title="Looking at what is there already" size={440}>
      <p className="looking" role="status">
        <Loader size={16} />
        <span>Files of the same name and size are read and compared. Nothing is sent yet.</span>
      </p>
      <div className="dialog-actions">
        <Button variant="default" onClick={cancel}>
          Cancel, send nothing
        </Button>
      </div>
    </Modal>
  );
}
